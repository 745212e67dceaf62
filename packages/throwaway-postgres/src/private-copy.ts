import { constants } from 'node:fs'
import { cp, lchown, readdir, readFile, symlink } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import type { ServerUser } from './unprivileged-user.ts'

/** Copies `native` (60 MB) into a directory, with its symbolic links, readable by the server's user. Returns the copy. */
export async function copyBinaries(native: string, directory: string, user: ServerUser): Promise<string> {
  const copy = join(directory, 'native')
  await cp(native, copy, { recursive: true, verbatimSymlinks: true, mode: constants.COPYFILE_FICLONE })
  await createMissingLinks(copy)
  await giveTo(copy, user)
  return copy
}

/** What the npm package's install script does; its list has paths that begin with `native/`. */
async function createMissingLinks(native: string): Promise<void> {
  const list = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string
    target: string
  }[]
  await Promise.all(
    list.map(async ({ source, target }) => {
      try {
        await symlink(relative(dirname(target), source), join(dirname(native), target))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      }
    }),
  )
}

/** The copy keeps the file modes, which under a strict umask let only the owner in. */
async function giveTo(directory: string, { uid, gid }: ServerUser): Promise<void> {
  if (uid === undefined || gid === undefined) return
  const inside = await readdir(directory, { recursive: true })
  await Promise.all([directory, ...inside.map((path) => join(directory, path))].map((path) => lchown(path, uid, gid)))
}
