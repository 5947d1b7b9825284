import { type ComponentChildren, toChildArray } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** Shows its children one after the other, each in a turn of its own, so that the first one is there soon. */
export function OneByOne({ children }: { readonly children: ComponentChildren }) {
  const all = toChildArray(children);
  const [shown, show] = useState(1);
  useEffect(() => {
    if (shown >= all.length) return undefined;
    const timer = setTimeout(() => show(shown + 1));
    return () => clearTimeout(timer);
  }, [shown, all.length]);
  return <>{all.slice(0, shown)}</>;
}
