// Vitest evaluates this file before each file of tests; what it imports, once in each worker.
import './equality.ts';
