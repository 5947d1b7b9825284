import { useSignal } from '@preact/signals';

interface NumberFieldProps {
  readonly id: string;
  readonly label: string;
  /** The number while it is not being edited. */
  readonly value: number;
  /** The largest number that it takes; the smallest is 0. */
  readonly most: number;
  onNumber(value: number): void;
}

/** A field for a whole number. What is typed stays while the page goes on; Enter, or leaving the field, takes it. */
export function NumberField({ id, label, value, most, onNumber }: NumberFieldProps) {
  const typed = useSignal<string | undefined>(undefined);
  const take = (): void => {
    const number = Number(typed.value ?? Number.NaN);
    if (typed.value !== '' && Number.isInteger(number) && number >= 0 && number <= most) onNumber(number);
    typed.value = undefined;
  };
  return (
    <label>
      {label}{' '}
      <input
        type="number"
        id={id}
        min={0}
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
