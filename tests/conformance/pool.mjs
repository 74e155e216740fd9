// Worker processes that take comparisons from one list, each as it gets free.

import { fork } from 'node:child_process';
import { InputError } from './errors.mjs';

const WORKER = new URL('worker.mjs', import.meta.url);

/**
 * @param tasks [{version, source}]
 * @param report {progress(task, {replayed, all}), done(result)}
 * @returns the results in the order of the tasks
 */
export async function runTasks(tasks, jobs, report) {
  const results = new Array(tasks.length);
  let next = 0;
  const workers = Array.from({ length: Math.min(jobs, tasks.length) }, () => fork(WORKER));
  try {
    await Promise.all(
      workers.map(async (worker) => {
        while (next < tasks.length) {
          const index = next++;
          results[index] = await runTask(worker, tasks[index], report);
          report.done(results[index]);
        }
      }),
    );
  } finally {
    for (const worker of workers) worker.kill();
  }
  return results;
}

function runTask(worker, task, report) {
  return new Promise((resolve, reject) => {
    const finish = (settle, value) => {
      worker.removeAllListeners('message');
      worker.removeAllListeners('exit');
      settle(value);
    };
    worker.on('exit', (code, signal) => {
      finish(reject, new Error(`the worker for ${task.version} ended with ${code ?? signal}`));
    });
    worker.on('message', ({ progress, result, error, input }) => {
      if (progress) report.progress(task, progress);
      else if (result) finish(resolve, result);
      else finish(reject, input ? new InputError(error) : new Error(error));
    });
    worker.send(task);
  });
}
