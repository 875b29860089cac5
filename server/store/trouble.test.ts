import { expect } from '@playwright/test';
import { test } from '../testing/plain-test.ts';
import { troubleOf } from './trouble.ts';

/** What each database says by code, and what callers are told. */
const table = [
  { codes: ['SQLITE_BUSY', 'SQLITE_BUSY_SNAPSHOT', 'SQLITE_LOCKED'], detail: 'another process holds the database' },
  { codes: ['SQLITE_FULL', '53100', 'ENOSPC'], detail: 'the disk of the database is full' },
  { codes: ['SQLITE_CORRUPT', 'SQLITE_NOTADB', 'XX001', 'XX002'], detail: 'the database is damaged' },
  { codes: ['SQLITE_READONLY', '25006', 'EROFS'], detail: 'the database can not be written' }, // prettier-ignore
  { codes: ['SQLITE_READONLY_DBMOVED'], detail: 'the file of the database was moved or deleted' },
  { codes: ['SQLITE_IOERR', 'SQLITE_IOERR_WRITE', '58030'], detail: 'the disk of the database fails' },
  { codes: ['SQLITE_CANTOPEN', 'EACCES', 'ENOTDIR'], detail: 'the database can not be opened' },
  { codes: ['28P01', '28000', '3D000'], detail: 'the database refuses this agent' },
  { codes: ['08006', '57P01', '57014', '53300', '40P01', 'ECONNREFUSED', 'ENOTFOUND'], detail: 'the database does not answer' }, // prettier-ignore
  { codes: ['SQLITE_ERROR', 'SQLITE_CONSTRAINT_UNIQUE', '23505', '42P01', '22P02', 'ENOENT', ''], detail: undefined },
];

for (const { codes, detail } of table) {
  for (const code of codes) {
    test(`\`${code}\` ${detail === undefined ? 'is a fault of ours' : `means: ${detail}`}`, () => {
      expect(troubleOf(Object.assign(new Error('user secret at /var/lib'), { code }))?.detail).toBe(detail);
    });
  }
}

for (const message of ['timeout exceeded when trying to connect', 'Connection terminated unexpectedly']) {
  test(`the pool's \`${message}\` means a database that is gone`, () => {
    expect(troubleOf(new Error(message))?.detail).toBe('the database does not answer');
  });
}
