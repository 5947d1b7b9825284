/** The worker's entry. */
import { expose } from 'comlink';
import { Bench } from './workbench.ts';

expose(new Bench());
