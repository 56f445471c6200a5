/** Tells the person at the terminal what is going on, in one line. */
export type Say = (line: string) => void;

/** Says it on standard error, so that standard output stays for results. */
export const sayOnStandardError: Say = (line) => {
  process.stderr.write(`${line}\n`);
};

/** Repeats `line` with the elapsed time every 20 s until the returned function is called. */
export function keepSaying(say: Say, line: string): () => void {
  const start = Date.now();
  const timer = setInterval(() => {
    say(`${line} (${String(Math.round((Date.now() - start) / 1000))} s so far)`);
  }, 20_000);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}
