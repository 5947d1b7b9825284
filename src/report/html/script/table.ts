import { findAll } from './dom.ts';

/** The table of all designs, whose rows are in the order of the designs at first. */
export class DesignTable {
  readonly #rows: readonly HTMLTableRowElement[];

  /** @param act is called with the number of a design whose row is clicked */
  constructor(table: HTMLElement, act: (design: number) => void) {
    this.#rows = [...table.querySelectorAll<HTMLTableRowElement>('tbody tr')];
    for (const [design, row] of this.#rows.entries()) row.addEventListener('click', () => act(design));
    for (const [column, head] of findAll('thead th', table).entries()) {
      let isAscending = false;
      head.addEventListener('click', () => {
        isAscending = !isAscending;
        this.#sort(column, isAscending);
      });
    }
  }

  /** Hides all rows but those of some designs. */
  show(designs: ReadonlySet<number>, selected: number | undefined): void {
    for (const [design, row] of this.#rows.entries()) {
      row.hidden = !designs.has(design);
      row.classList.toggle('selected', design === selected);
    }
  }

  /** Sorts by a column: numbers by size, and empty cells last. */
  #sort(column: number, isAscending: boolean): void {
    const textOf = (row: HTMLTableRowElement): string => {
      const cell = row.cells[column];
      return cell?.dataset.v ?? cell?.textContent ?? '';
    };
    const sorted = this.#rows.toSorted((a, b) => {
      const [one, other] = [textOf(a), textOf(b)];
      if (one === '' || other === '') return Number(one === '') - Number(other === '');
      const difference = Number(one) - Number(other);
      const order = Number.isNaN(difference) ? one.localeCompare(other, 'en', { numeric: true }) : difference;
      return isAscending ? order : -order;
    });
    this.#rows[0]?.parentElement?.append(...sorted);
  }
}
