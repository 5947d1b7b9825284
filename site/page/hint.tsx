/** Where the pages of the documentation stand, as seen from this page; undefined where it stands without them. */
const { docs } = document.documentElement.dataset;

/** A hint as the page gives it: a page of the documentation is a link, and a command is typed elsewhere. */
export function Hint({ text }: { readonly text: string }) {
  return (
    <p class="about">
      {text
        .split(/(docs\/[\w-]+\.md)/)
        .map((part) => (/^docs\/.*\.md$/.test(part) ? <DocsPage key={part} path={part} /> : part))}
      {/\bplasticore [a-z]/.test(text) && ' (in a terminal, not on this page)'}
    </p>
  );
}

/** A page of the documentation by its path in the package. In a tab of its own, so that the run goes on. */
function DocsPage({ path }: { readonly path: string }) {
  if (docs === undefined) return <>{path} (in the package)</>;
  return (
    <a href={`${docs}${path.replace(/^docs\//, '').replace(/md$/, 'html')}`} target="_blank" rel="noopener">
      {path}
    </a>
  );
}
