import { describe, expect, it } from 'vitest'
import { withSearchPath } from './with-search-path.ts'

const optionsOf = (connectionString: string) => new URL(connectionString).searchParams.get('options')

describe('withSearchPath', () => {
  it('leaves the address as it was', () => {
    const url = new URL(withSearchPath('postgres://me:p%40ss@%2Ftmp%2Fsocket:5433/shop?sslmode=disable', 'demo'))
    expect(`${url.protocol}//${url.username}:${url.password}@${url.host}${url.pathname}`).toBe(
      'postgres://me:p%40ss@%2Ftmp%2Fsocket:5433/shop',
    )
    expect(url.searchParams.get('sslmode')).toBe('disable')
    expect(url.searchParams.get('options')).toBe('-c search_path=demo')
  })

  it('keeps the options that were there, and comes after them', () => {
    const before = 'postgres://localhost/shop?options=-c%20search_path%3Dpublic%20-c%20work_mem%3D8MB'
    expect(optionsOf(withSearchPath(before, 'demo'))).toBe('-c search_path=public -c work_mem=8MB -c search_path=demo')
  })
})
