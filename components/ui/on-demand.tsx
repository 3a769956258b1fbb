'use client';

import { type ComponentType, useState } from 'react';

/** A dialog that is loaded when it is first opened, and stays from then on: what was typed is there when it is opened again. */
export const onDemand = <P extends { open: boolean }>(Dialog: ComponentType<P>) => {
  const OnDemand = (props: P) => {
    const [wasOpen, setWasOpen] = useState(false);
    if (props.open && !wasOpen) setWasOpen(true);
    return wasOpen || props.open ? <Dialog {...props} /> : null;
  };
  return OnDemand;
};
