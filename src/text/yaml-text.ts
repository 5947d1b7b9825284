import { Document, isCollection, isMap, isPair, isScalar, isSeq } from 'yaml';

/** The longest mapping or list on a single line. */
const longestLine = 90;

/** A value as YAML as people write it: small mappings on one line, lists of actions line by line. */
export function yamlText(value: unknown): string {
  const document = new Document(value);
  arrange(document.contents, 0);
  return document.toString({ lineWidth: 120, flowCollectionPadding: false });
}

/** Puts a small node on one line, and returns its length then; infinite for a node that takes lines of its own. */
function arrange(node: unknown, depth: number): number {
  if (isScalar(node)) {
    const text = String(node.value);
    return text.includes('\n') ? Infinity : text.length;
  }
  if (!isCollection(node)) return 0;
  let length = 2;
  for (const item of node.items) {
    if (isPair(item)) length += arrange(item.key, depth + 1) + arrange(item.value, depth + 1) + 4;
    else length += arrange(item, depth + 1) + 2;
  }
  const isList = isSeq(node) && node.items.some((item) => isMap(item));
  if (depth < 2 || length > longestLine || (isList && node.items.length > 0)) return Infinity;
  node.flow = true;
  return length;
}
