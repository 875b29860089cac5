/** What is said where the configuration's folder takes no file. */
import { expect, test } from '@playwright/test';
import { UsageError } from '../usage-error.ts';
import { writeBeside } from './plan-config.ts';

test('a folder that takes no file is named, and not the file that was tried', () => {
  const tried = () => {
    writeBeside('/dev/null/.playload-init-1.playwright.config.ts', '');
  };
  expect(tried).toThrow(UsageError);
  expect(tried).toThrow('no file can be written in /dev/null (ENOTDIR). Nothing was changed');
});
