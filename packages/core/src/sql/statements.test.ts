import { describe, expect, it } from 'vitest'
import { isTransactionControl, splitStatements } from './statements.ts'

const keywordsOf = (text: string): readonly string[] => splitStatements(text).map(({ keyword }) => keyword)

describe('splitStatements', () => {
  it.each([
    ['select 1', ['select']],
    ['SELECT 1; Update t set a = 1;', ['select', 'update']],
    [';; /* a; b */ ;\n-- c; d\n', []],
    ['', []],
    ["select ';', $$;$$, $t$;$t$, E'\\';', \";\" -- ;\n; insert into t values (1)", ['select', 'insert']],
    ['(select 1) union (select 2); ((values (1)))', ['select', 'values']],
    ['-- name: all\n  /* x */ select 1', ['select']],
    ['create rule r as on insert to t do (delete from a; delete from b); select 1', ['create', 'select']],
    [
      'create function f() returns int begin atomic select 1; select case when a then 1 end; end; select 2',
      ['create', 'select'],
    ],
    [
      'create or replace procedure p() begin atomic select 1 as end; select t.end from t; end; commit',
      ['create', 'commit'],
    ],
    ['create function f(begin atomic) returns int as $$ select 1; $$ language sql; select 1', ['create', 'select']],
    ['create table t (begin atomic); commit', ['create', 'commit']],
    ['select case when a then 1 else 2 end; select 3', ['select', 'select']],
    ["select 1; select 'no end; commit", ['select', 'select']],
    ['42; ?', ['', '']],
  ])('finds the statements of %j', (text, keywords) => {
    expect(keywordsOf(text)).toEqual(keywords)
  })

  it('says where each statement begins and ends, without comments around it and its semicolon', () => {
    const text = " /* a */ select 'x;y' -- b\n ;\n delete from t ; "
    expect(splitStatements(text).map(({ start, end }) => text.slice(start, end))).toEqual([
      "select 'x;y'",
      'delete from t',
    ])
  })

  it('gives the first three tokens in lower case, and no value', () => {
    expect(splitStatements("PREPARE Transaction 'secret'")[0]?.opening).toEqual(['prepare', 'transaction', '?'])
  })

  it('finds none in what is no text', () => {
    expect(splitStatements(undefined as unknown as string)).toEqual([])
  })
})

describe('isTransactionControl', () => {
  it.each([
    'begin',
    'BEGIN ISOLATION LEVEL SERIALIZABLE',
    'Start Transaction read only',
    'commit',
    'commit;',
    'COMMIT AND CHAIN',
    'end',
    'End work',
    'rollback',
    'rollback to savepoint a',
    'ROLLBACK TO a',
    'abort',
    'savepoint a',
    'release a',
    'RELEASE SAVEPOINT a',
    "prepare transaction 'x'",
    'prepare transaction $$x$$',
    "commit prepared 'x'",
    "rollback prepared 'x'",
    "PREPARE/**/TRANSACTION'x'",
    '\n\t begin',
    ';begin',
    ' ; ; commit',
    '-- note\nbegin',
    '/* a /* b */ */begin',
    '/**/-- x\n/**/ commit',
    'begin/**/',
    'commit--',
    'select 1; commit',
    'select 1;commit; select 2',
    "select ';'; rollback",
    'begin; insert into t values (1); commit',
    "select 'C:\\'; commit",
    "select 1; commit; select 'no end",
    'savepoint"a"',
    'start\ntransaction',
    'create function f() begin atomic select 1; end; commit',
  ])('is true of %j', (text) => {
    expect(isTransactionControl(text)).toBe(true)
  })

  it.each([
    'select 1',
    "select 'commit'",
    "select 'x; commit'",
    'select $$; commit;$$',
    'select 1 -- ; commit',
    '/* begin; */ select 1',
    '-- begin\nselect 1',
    'prepare p as select 1',
    'prepare transaction as select 1',
    'prepare transaction (int) as select $1',
    'set transaction read only',
    "set local statement_timeout = '1s'",
    'declare c cursor for select 1',
    'create table commit (a int)',
    'select "commit"',
    '"begin"',
    'begin_audit()',
    'ended',
    'commit$x',
    'commité',
    'start_audit',
    'start slave',
    'select begin, "end" from release',
    'update t set a = 1; select commit from t',
    'do $$ begin commit; end $$',
    'call p()',
    'select case when a then b end',
    'create function f() returns int begin atomic select 1; end',
    "select 'no end; commit",
    '/* no end; commit',
    'with release as (select 1) select * from release',
    'lock table t',
    'abortion',
    'fetch c',
    '',
  ])('is false of %j', (text) => {
    expect(isTransactionControl(text)).toBe(false)
  })

  it('is false of what is no text', () => {
    expect(isTransactionControl(undefined as unknown as string)).toBe(false)
    expect(isTransactionControl(Symbol('begin') as unknown as string)).toBe(false)
  })
})
