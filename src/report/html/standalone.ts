/** A picture of the page as a file of its own: with a size, in the colours of the light scheme, without tips. */
export function standalone(svg: string): string {
  const [, width = '0', height = '0'] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg) ?? [];
  return `${svg
    .replace(/var\(--\w+, ?(#[0-9a-f]{6})\)/g, '$1')
    .replace(/ data-(?:tip|design)="[^"]*"/g, '')
    .replace(/<svg(?![^>]*\bxmlns=)/, '<svg xmlns="http://www.w3.org/2000/svg"')
    .replace('<svg', `<svg width="${width}" height="${height}"`)}\n`;
}
