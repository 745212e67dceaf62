const { basename, resolve } = require('node:path')

// CommonJS in both builds: the one kind of module that knows where it is without `import.meta`.
const isSource = basename(__dirname) === 'src'

// The files of a build lie in dist/esm and dist/cjs.
exports.packageDirectory = resolve(__dirname, isSource ? '..' : '../..')
