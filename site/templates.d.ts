/** The files of templates/rtl: the build makes texts of them (scripts/bundle-site.ts). */
declare module '*.sv' {
  const text: string;
  export default text;
}
declare module '*.tcl' {
  const text: string;
  export default text;
}
declare module '*.py' {
  const text: string;
  export default text;
}

declare module '*.mk' {
  const text: string;
  export default text;
}

declare module '*.txt' {
  const text: string;
  export default text;
}
