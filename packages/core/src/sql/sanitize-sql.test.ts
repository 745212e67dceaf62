import { describe, expect, it } from 'vitest'
import { sanitizeSql } from './sanitize-sql.ts'

describe('sanitizeSql', () => {
  it.each([
    ['select * from users where id = $1', 'select * from users where id = ?'],
    ["select * from users where name = 'Ann' and age > 41", 'select * from users where name = ? and age > ?'],
    ['  select\n\t1 ,  a  ', 'select ? , a'],
    ["select 'it''s', ''", 'select ?, ?'],
    ["select E'it\\'s', e'\\\\', 'x'", 'select ?, ?, ?'],
    ["select U&'d!0061t' uescape '!', N'x', B'01', X'1F'", 'select ? uescape ?, ?, ?, ?'],
    ['select $$it\'s$$, $tag$ $$ "x" $tag$, $é$x$é$', 'select ?, ?, ?'],
    ["select 'a'\n  'b' -- more\n  'c', 'd'", 'select ?, ?'],
    ["select E'a'\n'b\\'c', 'd'", 'select ?, ?'],
    ["select 'a' 'b'", 'select ? ?'],
    ['select "a ""b"" \'c\'", U&"d\\0061" from "T"', 'select "a ""b"" \'c\'", U&"d\\0061" from "T"'],
    ['select a$1$b, $1$b$c$b$', 'select a$1$b, ??'],
    ['select 1, 1.5, .5, 1e10, 1.5e-3, 5., 1_000, 0xFF_FF, 0o17, 0B11', 'select ?, ?, ?, ?, ?, ?, ?, ?, ?, ?'],
    ['select t1.c2, x[1:2], 12abc - -1', 'select t1.c2, x[?:?], ? - -?'],
    ["select '2020-01-01'::date, date '2020-01-01', true, null", 'select ?::date, date ?, true, null'],
    ['select 1 -- secret\n, 2 /* a /* nested */ secret */ , 3', 'select ? , ? , ?'],
    ["/* traceparent='00-abc' */ select 1 /*route='/x'*/", 'select ?'],
    ['select a -- last', 'select a'],
    ['where id in (1, 2,3)', 'where id in (?)'],
    ['where id in ( ? )', 'where id in (?)'],
    ['where (a, b) in ((1, 2), (3, 4))', 'where (a, b) in ((?))'],
    ['where id = any(ARRAY[1, 2, 3])', 'where id = any(ARRAY[?])'],
    ['select ARRAY[[1, 2], [3, 4]]', 'select ARRAY[[?]]'],
    ['insert into t (a, b) values (1, 2), (3, 4),(5, 6) returning a', 'insert into t (a, b) values (?) returning a'],
    ['insert into t values ($1, now()), ($2, now())', 'insert into t values (?, now())'],
    ['insert into t values ($1, now()), ($2, default)', 'insert into t values (?, now()), (?, default)'],
    ['select f(1), (2)', 'select f(?), (?)'],
    ['where id in (-1, +2, - 3)', 'where id in (?)'],
    ['select (a), (a)', 'select (a), (a)'],
    ['values (now()), (now())', 'values (now()), (now())'],
    ["select doc ? 'key', doc ?| array['a', 'b']", 'select doc ? ?, doc ?| array[?]'],
    ["create role bob password 'secret'", 'create role bob password ?'],
    ["copy t from '/home/bob/secret.csv'", 'copy t from ?'],
    ["comment on table t is 'secret'", 'comment on table t is ?'],
    ["prepare p as select 'secret'", 'prepare p as select ?'],
    ["set app.user = 'secret'", 'set app.user = ?'],
    ["do $$ begin raise 'secret'; end $$", 'do ?'],
    ['', ''],
    [' -- nothing', ''],
  ])('gives %j as %j', (text, sanitized) => {
    expect(sanitizeSql(text)).toBe(sanitized)
  })

  it.each([
    ["select 'secret", 'select ?'],
    ["select a, E'secret\\'", 'select a, ?'],
    ['select $t$secret$tt$', 'select ?'],
    ['select "secret', 'select ?'],
    ['select 1 /* secret', 'select ? ?'],
    ["select 'C:\\' , secret, '", 'select ?'],
    ["select 'it\\'s secret'", 'select ?'],
    ["select 'it\\''s secret', a", 'select ?'],
    ['select $secret', 'select ?'],
    ["select 1a$b$, '$b$ secret'", 'select ?'],
    ['select a\u0000secret', 'select a?'],
    ["select a \\ 'x', secret", 'select a ?'],
  ])('gives one placeholder for all that is doubtful in %j', (text, sanitized) => {
    expect(sanitizeSql(text)).toBe(sanitized)
  })

  it('reads 16 KiB, and gives a placeholder for the rest', () => {
    const text = `select a${', a'.repeat(20_000)}`
    const sanitized = sanitizeSql(text)
    expect(sanitized === `${text.slice(0, 16_384).trimEnd()} ?`).toBe(true)
    expect(sanitizeSql(sanitized) === sanitized).toBe(true)
    expect(sanitizeSql(`select '${'secret'.repeat(5_000)}'`)).toBe('select ?')
  })

  it('cuts no character in half', () => {
    const sanitized = sanitizeSql(`a${'😀'.repeat(10_000)}`)
    expect(sanitized).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/)
    expect(sanitizeSql(sanitized) === sanitized).toBe(true)
  })

  it.each([[undefined], [null], [42], [{}], [Symbol('sql')]])(
    'gives a placeholder for what is no text: %s',
    (value) => {
      expect(sanitizeSql(value as unknown as string)).toBe('?')
    },
  )

  it('stays right when more texts come than it remembers', () => {
    for (let round = 0; round < 2; round += 1) {
      for (let index = 0; index < 2_500; index += 1) {
        expect(sanitizeSql(`select a${index} from t where b = ${index}`)).toBe(`select a${index} from t where b = ?`)
      }
    }
  })
})
