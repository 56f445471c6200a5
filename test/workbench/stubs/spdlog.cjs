// Stands in for @vscode/spdlog, whose native module isn't compiled here. Without it the server's
// logs and every extension's log channel stay empty.
'use strict';
const { appendFileSync, mkdirSync } = require('node:fs');
const { dirname } = require('node:path');

const levels = ['trace', 'debug', 'info', 'warning', 'error', 'critical', 'off'];
let defaultLevel = levels.indexOf('info');

class Logger {
  constructor(_name, file) {
    this.file = file;
    this.level = defaultLevel;
    this.raw = false;
    if (file) mkdirSync(dirname(file), { recursive: true });
  }

  write(level, message) {
    if (level < this.level || !this.file) return;
    const time = new Date().toISOString().replace('T', ' ').replace('Z', '');
    const line = this.raw ? message : `${time} [${levels[level]}] ${message}\n`;
    try {
      appendFileSync(this.file, line);
    } catch {
      // A log that can't be written is no reason to fail.
    }
  }

  trace(message) {
    this.write(0, message);
  }
  debug(message) {
    this.write(1, message);
  }
  info(message) {
    this.write(2, message);
  }
  warn(message) {
    this.write(3, message);
  }
  error(message) {
    this.write(4, message);
  }
  critical(message) {
    this.write(5, message);
  }
  getLevel() {
    return this.level;
  }
  setLevel(level) {
    this.level = level;
  }
  clearFormatters() {
    this.raw = true;
  }
  setPattern() {
    this.raw = false;
  }
  flush() {}
  drop() {}
}

// One by one: VS Code imports this as an ES module, and only such exports are found by their names.
exports.version = 0;
exports.Logger = Logger;
exports.createRotatingLogger = (name, file) => Promise.resolve(new Logger(name, file));
exports.createAsyncRotatingLogger = exports.createRotatingLogger;
exports.setLevel = (level) => {
  defaultLevel = level;
};
exports.setFlushOn = () => {};
exports.shutdown = () => {};
