import type { CDPSession, Page } from '@playwright/test';

/** The devices on which one person keeps passkeys. They live as long as the page. */
export type Passkeys = {
  /** How many passkeys the person has made. */
  readonly count: () => Promise<number>;
  /** The next passkey is made on the security key; afterwards the laptop signs again. */
  readonly takeSecurityKey: () => Promise<void>;
  readonly dropSecurityKey: () => Promise<void>;
  readonly laptop: Device;
  /** What the laptop keeps goes to somebody’s other device, as passkeys do that are synced; a copy that stayed would count as a clone. */
  readonly moveTo: (other: Passkeys) => Promise<void>;
};

type Device = { readonly session: CDPSession; readonly authenticatorId: string };

/**
 * Gives a page a laptop and a security key, as Chromium simulates them. The laptop answers every prompt at once, as somebody
 * would who sits in front of it; the security key only when it is taken.
 */
export const givePasskeys = async (page: Page): Promise<Passkeys> => {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable', { enableUI: false });
  const addDevice = async (transport: 'internal' | 'usb', automaticPresenceSimulation: boolean): Promise<string> => {
    const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        ctap2Version: 'ctap2_1',
        transport,
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation,
      },
    });
    return authenticatorId;
  };
  const laptop = await addDevice('internal', true);
  const securityKey = await addDevice('usb', false);
  const answer = (authenticatorId: string, enabled: boolean) =>
    session.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled });
  const held = async (authenticatorId: string): Promise<number> =>
    (await session.send('WebAuthn.getCredentials', { authenticatorId })).credentials.length;
  const dropSecurityKey = async () => {
    await page.unroute('**/auth/action/init');
    await answer(securityKey, false);
    await answer(laptop, true);
  };
  return {
    count: async () => (await held(laptop)) + (await held(securityKey)),
    takeSecurityKey: async () => {
      // A device with a passkey of this account ends the whole request for another one: the laptop must stay silent.
      await answer(laptop, false);
      await answer(securityKey, true);
      const made = new Promise<void>((resolve) => session.once('WebAuthn.credentialAdded', () => resolve()));
      // The known passkey signs for the new one right afterwards; a simulated device does not see a prompt older than its presence.
      await page.route(
        '**/auth/action/init',
        async (route) => {
          await made;
          await answer(securityKey, false);
          await answer(laptop, true);
          await route.continue();
        },
        { times: 1 },
      );
    },
    dropSecurityKey,
    laptop: { session, authenticatorId: laptop },
    moveTo: async ({ laptop: other }) => {
      const { credentials } = await session.send('WebAuthn.getCredentials', { authenticatorId: laptop });
      for (const credential of credentials) {
        const { credentialId } = credential;
        await session.send('WebAuthn.removeCredential', { authenticatorId: laptop, credentialId });
        await other.session.send('WebAuthn.addCredential', { authenticatorId: other.authenticatorId, credential });
      }
    },
  };
};
