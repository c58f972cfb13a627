using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Mayu.Core.Addresses;
using Mayu.Server.Configuration;
using Mayu.Storage;

namespace Mayu.Server.Auth;

/// <summary>
/// The API's certificate and the operator's token. What is not configured is made at the first start, in files that only
/// their owner can read.
/// </summary>
/// <param name="Certificate">With its private key.</param>
/// <param name="Operator">Checks the operator's token.</param>
/// <param name="CaFile">The CA that clients are to trust; null when the certificate was configured.</param>
/// <param name="TokenFile">Where the operator's token stands.</param>
internal sealed record ApiKeys(X509Certificate2 Certificate, OperatorToken Operator, string? CaFile, string TokenFile)
{
    private const int LongestToken = 16 * 1024;

    // A member of a cluster outlives its certificate's first years; a new one is made when the files are removed.
    private static readonly TimeSpan Validity = TimeSpan.FromDays(3650);

    /// <summary>Reads, or makes, what is needed.</summary>
    /// <exception cref="IOException">A file cannot be read or written, or holds no token.</exception>
    /// <exception cref="CryptographicException">A configured certificate or key is malformed.</exception>
    public static ApiKeys Open(MayuConfiguration configuration, TimeProvider clock)
    {
        var directory = configuration.KeysDirectory;
        Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var tokenFile = Path.Combine(directory, "operator-token");
        var token = ReadOrMake(tokenFile, () => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)) + "\n").Trim();
        if (!OperatorToken.IsToken(token))
        {
            throw new IOException(
                $"{tokenFile} holds no token (letters, digits and -._~+/=, RFC 6750 §2.1): remove the file, and the next start makes a new one");
        }

        if (configuration is { TlsCertificate: { } certificate, TlsKey: { } key })
        {
            return new ApiKeys(X509Certificate2.CreateFromPemFile(certificate, key), new OperatorToken("operator", token), CaFile: null, tokenFile);
        }

        var caFile = Path.Combine(directory, "ca.pem");
        var serverFile = Path.Combine(directory, "server.pem");
        var serverKeyFile = Path.Combine(directory, "server-key.pem");
        if (!File.Exists(serverFile) || !File.Exists(serverKeyFile) || !File.Exists(caFile))
        {
            MakeCertificates(configuration.Network.ServerAddress, clock.GetUtcNow(), caFile, serverFile, serverKeyFile);
        }

        return new ApiKeys(X509Certificate2.CreateFromPemFile(serverFile, serverKeyFile), new OperatorToken("operator", token), caFile, tokenFile);
    }

    // The CA's key is thrown away: it signs this one certificate, and a client that trusts the CA trusts nothing else.
    private static void MakeCertificates(Ipv4 address, DateTimeOffset now, string caFile, string serverFile, string serverKeyFile)
    {
        using var caKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var caRequest = new CertificateRequest("CN=Mayu CA", caKey, HashAlgorithmName.SHA256);
        caRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        caRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        using var ca = caRequest.CreateSelfSigned(now.AddHours(-1), now + Validity);

        using var serverKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=mayu", serverKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddDnsName("mayu");
        names.AddDnsName(Environment.MachineName);
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        names.AddIpAddress(address.ToIPAddress());
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(ca, now.AddHours(-1), now + Validity, RandomNumberGenerator.GetBytes(16));

        WritePrivate(serverKeyFile, serverKey.ExportPkcs8PrivateKeyPem() + "\n");
        WritePrivate(serverFile, certificate.ExportCertificatePem() + "\n");
        WritePrivate(caFile, ca.ExportCertificatePem() + "\n");
    }

    private static string ReadOrMake(string file, Func<string> make)
    {
        if (!File.Exists(file))
        {
            WritePrivate(file, make());
        }

        return BoundedFile.ReadText(file, LongestToken);
    }

    private static void WritePrivate(string file, string text)
    {
        var temporary = file + ".new";
        File.Delete(temporary);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using (var stream = new FileStream(temporary, options))
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, file, overwrite: true);
    }
}
