/** Several cores that run one program: what each does, and what travels between them. */
export { checkSystemState, System } from './system.ts';
