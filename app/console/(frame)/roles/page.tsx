/** The list alone: it lives in the layout, so that it stays while details change. */
const RolesPage = () => null;

export default RolesPage;
