import type { ComponentChildren } from 'preact';

interface PanelProps {
  readonly id: string;
  readonly title: string;
  /** One sentence: what is seen here. */
  readonly about?: ComponentChildren;
  readonly children: ComponentChildren;
  readonly class?: string | undefined;
}

/** A section of the page with its heading. */
export function Panel({ id, title, about, children, class: name = '' }: PanelProps) {
  return (
    <section id={id} class={`panel ${name}`} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{title}</h2>
      {about !== undefined && <p class="about">{about}</p>}
      {children}
    </section>
  );
}
