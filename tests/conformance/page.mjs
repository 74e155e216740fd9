// What a real page runs before the SDK does. Sent to the browser as text, so
// it may use nothing from outside itself.

/** Timers at least this long are kept for the script instead of running: the poller's, the refresh, the cleanup. */
export const KEPT_TIMER_MS = 1000;

/**
 * Holds what the schedule wants to time itself: messages that arrive on the
 * (real) token channel, and long timers. Without a Worker the SDK's poller
 * falls back to setTimeout, which is held too.
 */
export function prepareTab(keptTimerMs) {
  const held = { messages: [], timers: [] };
  window.heldByScript = held;
  delete window.Worker;

  const RealChannel = window.BroadcastChannel;
  window.BroadcastChannel = class extends RealChannel {
    addEventListener(type, listener, options) {
      if (this.name !== 'clerk:session_token' || type !== 'message') {
        super.addEventListener(type, listener, options);
        return;
      }
      super.addEventListener(type, (event) => held.messages.push(() => listener.call(this, event)), options);
    }
  };

  const realSetTimeout = window.setTimeout.bind(window);
  window.setTimeout = (callback, delayMs = 0, ...args) => {
    if (delayMs < keptTimerMs) return realSetTimeout(callback, delayMs, ...args);
    held.timers.push({ callback, delayMs });
    return -held.timers.length;
  };
}
