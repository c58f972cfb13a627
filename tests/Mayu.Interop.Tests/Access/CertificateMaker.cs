using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests.Access;

/// <summary>Makes certificates with openssl, in one folder: <c>NAME.pem</c> and <c>NAME.key</c>.</summary>
/// <param name="folder">The folder.</param>
internal sealed class CertificateMaker(string folder)
{
    /// <summary>Extensions of a CA.</summary>
    public static readonly string[] Authority = ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign"];

    /// <summary>Extensions of a client.</summary>
    public static readonly string[] Client = ["basicConstraints=critical,CA:FALSE", "extendedKeyUsage=clientAuth"];

    /// <summary>Extensions of a server on 127.0.0.1.</summary>
    public static readonly string[] Server = ["basicConstraints=critical,CA:FALSE", "extendedKeyUsage=serverAuth", "subjectAltName=IP:127.0.0.1"];

    /// <summary>The file of a certificate.</summary>
    public string Certificate(string name) => Path.Combine(folder, name + ".pem");

    /// <summary>The file of its key.</summary>
    public string Key(string name) => Path.Combine(folder, name + ".key");

    /// <summary>Makes one.</summary>
    /// <param name="name">What its files are called.</param>
    /// <param name="subject">Its subject, as <c>/CN=alice</c>.</param>
    /// <param name="signer">The name of the CA; null: it signs itself.</param>
    /// <param name="extensions">Its extensions.</param>
    public Task MakeAsync(string name, string subject, string? signer, string[] extensions)
    {
        // Debian's own file would add extensions.
        var settings = Path.Combine(folder, "openssl.cnf");
        File.WriteAllText(settings, "[req]\ndistinguished_name = subject\n[subject]\n");
        return ProgramRun.OrFailAsync("openssl", [
            "req", "-x509", "-config", settings, "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-days", "90",
            "-subj", subject, "-out", Certificate(name), "-keyout", Key(name), .. signer is null ? [] : new[] { "-CA", Certificate(signer), "-CAkey", Key(signer) },
            .. extensions.SelectMany(extension => new[] { "-addext", extension })]);
    }
}
