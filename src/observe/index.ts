/** Watches a core from outside: what it did, in files that people and other tools read. */

export * from './golden/index.ts';
