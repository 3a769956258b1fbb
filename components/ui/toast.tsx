'use client';

import dynamic from 'next/dynamic';
import { useEffect, useState } from 'react';
import type { Toast } from './toast-types';

// What shows toasts comes with the first of them.
const ToastHost = dynamic(() => import('./toast-host').then((module) => module.ToastHost), { ssr: false });

let display: ((toast: Toast) => void) | null = null;
let wake: (() => void) | null = null;
const waiting: Toast[] = [];

const onReady = (shows: (toast: Toast) => void) => {
  display = shows;
  for (const toast of waiting.splice(0)) shows(toast);
};

const tell = (toast: Toast) => {
  if (display) return display(toast);
  waiting.push(toast);
  wake?.();
};

/** Where toasts appear; once on every page. */
export const Toaster = () => {
  const [isAwake, setAwake] = useState(false);
  useEffect(() => {
    wake = () => setAwake(true);
    if (waiting.length > 0) setAwake(true);
    return () => {
      wake = null;
      display = null;
    };
  }, []);
  return isAwake ? <ToastHost onReady={onReady} /> : null;
};

export const toast = {
  done: (title: string, description?: string) => tell({ kind: 'success', title, description }),
  failed: (title: string, description?: string) => tell({ kind: 'error', title, description }),
  note: (title: string, description?: string) => tell({ kind: 'info', title, description }),
};
