using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Mayu.Linux.Files;

namespace Mayu.Server.Auth;

/// <summary>A certificate with its key, and those between it and the authority that clients trust.</summary>
internal sealed class CertificateChain
{
    private const int LongestFile = 1024 * 1024;

    private CertificateChain(X509Certificate2 leaf, X509Certificate2Collection others)
    {
        Leaf = leaf;
        // Offline: what is not in the file is asked of nobody.
        Context = SslStreamCertificateContext.Create(leaf, others, offline: true);
    }

    /// <summary>The certificate, with its key.</summary>
    public X509Certificate2 Leaf { get; }

    /// <summary>What a handshake sends.</summary>
    public SslStreamCertificateContext Context { get; }

    /// <summary>A certificate that the authority of the clients signed itself.</summary>
    /// <param name="leaf">The certificate, with its key.</param>
    public static CertificateChain Of(X509Certificate2 leaf) => new(leaf, []);

    /// <summary>Reads a chain as PEM, the server's own certificate first (RFC 8446 §4.4.2), and its key.</summary>
    /// <exception cref="IOException">A file cannot be read, or is larger than 1 MiB.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">One is malformed, or the key is another's.</exception>
    /// <exception cref="ArgumentException">The same.</exception>
    public static CertificateChain Read(string certificate, string key)
    {
        var text = BoundedFile.ReadText(certificate, LongestFile);
        var leaf = X509Certificate2.CreateFromPem(text, BoundedFile.ReadText(key, LongestFile));
        var others = new X509Certificate2Collection();
        others.ImportFromPem(text);
        others.RemoveAt(0);
        return new CertificateChain(leaf, others);
    }
}
