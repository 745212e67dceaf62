import { expect, it } from 'vitest'
import { readsByCursor } from './reads-by-cursor.ts'

it.each([
  'select 1',
  '  -- all of them\n /* really */ SELECT * from users',
  '(select 1) union (select 2)',
  'values (1), (2)',
  'table users',
  'with a as (select 1) select * from a',
  `select * from events where kind = 'insert into'`,
  'select 1 -- not for update',
])('reads by a cursor: %s', (text) => expect(readsByCursor(text)).toBe(true))

it.each([
  '',
  'insert into users values (1) returning id',
  'with a as (delete from users returning id) select * from a',
  'select * into copy from users',
  'select * from users for update',
  'select * from users for key share',
  'select * from users for share',
  'show search_path',
  'explain select 1',
  'fetch all from mine',
])('runs as a whole: %s', (text) => expect(readsByCursor(text)).toBe(false))
