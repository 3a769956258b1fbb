/** The list alone: it lives in the layout, so that it stays while details change. */
const AuditPage = () => null;

export default AuditPage;
