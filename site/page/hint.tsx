/** Where the pages of the documentation stand, as seen from this page; undefined where it stands without them. */
const { docs } = document.documentElement.dataset;

/** A hint as the page gives it: a command that it names is typed elsewhere. */
export function Hint({ text }: { readonly text: string }) {
  return (
    <p class="about">
      <WithDocs text={text} />
      {/\bplasticore [a-z]/.test(text) && ' (in a terminal, not on this page)'}
    </p>
  );
}

/** A text with links to the pages of the documentation that it names. */
export function WithDocs({ text }: { readonly text: string }) {
  return (
    <>
      {text
        .split(/(docs\/[\w-]+\.md)/)
        .map((part, index) => (index % 2 === 1 ? <DocsPage key={part} path={part} /> : part))}
    </>
  );
}

/** A page of the documentation by its path in the package. It opens in a tab of its own, so that the run goes on. */
function DocsPage({ path }: { readonly path: string }) {
  if (docs === undefined) return <>{path} of the package</>;
  const address = `${docs}${path.replace(/^docs\//, '').replace(/md$/, 'html')}`;
  return (
    <a href={address} target="_blank" rel="noopener">
      {path}
    </a>
  );
}
