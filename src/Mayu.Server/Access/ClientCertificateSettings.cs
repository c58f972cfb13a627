using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;

namespace Mayu.Server.Access;

/// <summary>The client certificates that are let in.</summary>
/// <param name="AuthorityText">The PEM of the authorities, as the file had it: whether they changed.</param>
/// <param name="Authorities">The authorities that sign them.</param>
/// <param name="Clients">What each may do, by the common name of its subject (RFC 5280 §4.1.2.6). Whoever is not here may do nothing.</param>
internal sealed record ClientCertificateSettings(string AuthorityText, X509Certificate2Collection Authorities, ImmutableDictionary<string, Grant> Clients);
