import { bench } from './bench.ts'
import { readOptions } from './read-options.ts'

const options = readOptions(process.argv.slice(2), () => 1 + Math.floor(Math.random() * 2 ** 31))
const passed = await bench(options, (text) => console.log(text))
if (options.gate && !passed) process.exitCode = 1
