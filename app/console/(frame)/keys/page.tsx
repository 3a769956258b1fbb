/** The list alone: it lives in the layout, so that it stays while details change. */
const KeysPage = () => null;

export default KeysPage;
