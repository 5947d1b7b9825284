import { useSignal } from '@preact/signals';

interface NumberFieldProps {
  readonly id: string;
  readonly label: string;
  /** The number while it is not being edited. */
  readonly value: number;
  /** The smallest number that it takes; 0 if absent. */
  readonly least?: number;
  /** The largest one. */
  readonly most: number;
  onNumber(value: number): void;
}

/**
 * A field for a whole number. What is typed stays while the page goes on; Enter, or leaving the field, takes it, or the
 * nearest number that it may be.
 */
export function NumberField({ id, label, value, least = 0, most, onNumber }: NumberFieldProps) {
  const typed = useSignal<string | undefined>(undefined);
  const take = (): void => {
    const number = Number(typed.value ?? Number.NaN);
    if (typed.value !== '' && Number.isFinite(number))
      onNumber(Math.max(least, Math.min(most, Math.round(number))));
    typed.value = undefined;
  };
  return (
    <label>
      {label}{' '}
      <input
        type="number"
        id={id}
        min={least}
        max={most}
        value={typed.value ?? value}
        // A selection stays, so that typing replaces the number.
        onFocus={() => {
          typed.value = String(value);
        }}
        onInput={({ currentTarget }) => {
          typed.value = currentTarget.value;
        }}
        onChange={take}
        onBlur={() => {
          typed.value = undefined;
        }}
      />
    </label>
  );
}
