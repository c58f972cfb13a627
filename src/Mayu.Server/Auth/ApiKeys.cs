using System.Security.Cryptography;
using Mayu.Client;
using Mayu.Linux.Files;
using Mayu.Primitives;
using Mayu.Server.Configuration;

namespace Mayu.Server.Auth;

/// <summary>
/// The API's certificate and the operator's token. What is not configured is made at the first start, in files that only
/// their owner can read.
/// </summary>
/// <param name="Certificate">The server's certificate, which may be renewed.</param>
/// <param name="Operator">Checks the operator's token.</param>
/// <param name="CaFile">The CA that clients are to trust; null when the certificate was configured.</param>
/// <param name="TokenFile">Where the operator's token stands.</param>
/// <param name="Tokens">The tokens that admins created.</param>
internal sealed record ApiKeys(ServerCertificate Certificate, OperatorToken Operator, string? CaFile, string TokenFile, ApiTokens Tokens)
{
    /// <summary>The name of the token that the server makes itself.</summary>
    public const string OperatorName = "operator";

    private const int LongestToken = 16 * 1024;

    /// <summary>Reads, or makes, what is needed.</summary>
    /// <exception cref="IOException">A file cannot be read or written, or holds no token.</exception>
    /// <exception cref="CryptographicException">A configured certificate or key is malformed.</exception>
    public static ApiKeys Open(MayuConfiguration configuration, TimeProvider clock)
    {
        var directory = configuration.KeysDirectory;
        Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var tokenFile = Path.Combine(directory, "operator-token");
        if (!File.Exists(tokenFile))
        {
            PrivateFile.Write(tokenFile, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)) + "\n");
        }

        var text = BoundedFile.ReadText(tokenFile, LongestToken).Trim();
        if (!OperatorToken.IsToken(text))
        {
            throw new IOException(
                $"{tokenFile} contains no valid token (letters, digits and -._~+/=, RFC 6750 §2.1): remove the file, and the next start creates a new one");
        }

        var token = new OperatorToken(OperatorName, text);
        var tokens = ApiTokens.Open(Path.Combine(directory, "api-tokens.json"), clock);
        if (configuration is { TlsCertificate: { } certificate, TlsKey: { } key })
        {
            return new ApiKeys(ConfiguredCertificate.Open(certificate, key, clock), token, CaFile: null, tokenFile, tokens);
        }

        var files = new CertificateFiles(directory);
        Ipv4[] addresses = configuration.ApiAddress == default
            ? [configuration.Netboot.Network.ServerAddress]
            : [configuration.Netboot.Network.ServerAddress, configuration.ApiAddress];
        return new ApiKeys(OwnCertificate.Open(files, addresses, clock), token, files.Ca, tokenFile, tokens);
    }

    /// <summary>Leaves the API's URL for <c>mayuctl</c> on this host.</summary>
    /// <param name="address">The address that the API listens on; 0.0.0.0: all.</param>
    /// <param name="port">Its port.</param>
    /// <param name="usesTls">Whether it uses TLS.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void LeaveUrl(Ipv4 address, int port, bool usesTls)
    {
        var file = Path.Combine(Path.GetDirectoryName(TokenFile)!, ServerUrlFile.Name);
        var text = $"{(usesTls ? Uri.UriSchemeHttps : Uri.UriSchemeHttp)}://{(address == default ? "127.0.0.1" : address.ToString())}:{port}\n";
        if (!File.Exists(file) || BoundedFile.ReadText(file, LongestToken) != text)
        {
            PrivateFile.Write(file, text);
        }
    }
}
