import { type Place, PlasticoreError } from './error.ts';

/**
 * Whether a name is a property of every JavaScript object, such as `constructor` or `__proto__`. As the name of a
 * population or a parameter it would be found where it is not defined, or vanish where it is.
 */
export function isReserved(name: string): boolean {
  return name in Object.prototype;
}

export function reservedName(name: string, place: Place): PlasticoreError {
  return new PlasticoreError('invalid-value', `'${name}' cannot be a name here`, {
    ...place,
    hint: 'JavaScript reserves this name: choose another one',
  });
}
