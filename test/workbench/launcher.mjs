#!/usr/bin/env node
// Takes the place of the desktop `code` binary for @vscode/test-electron: see launcher.ts.
import { register } from 'tsx/esm/api';

register();
await import('./launcher.ts');
