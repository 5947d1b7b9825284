/** Random traces of the two chips in the formats of the golden ones, with what the plain models expect. */
export { randomOdin } from './stimulus/odin.ts';
export { randomReckon } from './stimulus/reckon.ts';
