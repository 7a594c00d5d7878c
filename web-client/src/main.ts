import './style/tokens.css';
import './style/base.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { language } from './i18n/index.svelte';
import { applyTheme } from './state/theme.svelte';

document.documentElement.lang = language.value;
applyTheme();

const target = document.getElementById('app');
if (!target) throw new Error('index.html has no #app');
mount(App, { target });
