/**
 * Playwright's `test` before its own fixtures are added. Those for pages and requests are set up and torn down around
 * each test whether it asks for them or not, which takes longer than most tests here.
 */
export { _baseTest as test } from '@playwright/test';
