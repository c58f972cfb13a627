using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Mayu.Primitives;

namespace Mayu.Server.Configuration.Settings;

/// <summary>The CA of a receiver.</summary>
internal static class WebhookAuthorities
{
    /// <summary>Trusts the certificates of a PEM file, and no others.</summary>
    /// <exception cref="IOException">The file cannot be read, or has no certificate.</exception>
    public static X509ChainPolicy Read(string file)
    {
        // A private authority seldom publishes a revocation list.
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        try
        {
            policy.CustomTrustStore.ImportFromPemFile(file);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or UnauthorizedAccessException)
        {
            throw new IOException($"{file} cannot be used as a CA file: {e.Reason()}", e);
        }

        return policy.CustomTrustStore.Count > 0 ? policy : throw new IOException($"{file} contains no certificate");
    }
}
