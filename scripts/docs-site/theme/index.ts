/// <reference types="vitepress/client" />
/** VitePress's own look, in fonts that every computer has. */
import theme from 'vitepress/theme-without-fonts';
import './style.css';

export default theme;
