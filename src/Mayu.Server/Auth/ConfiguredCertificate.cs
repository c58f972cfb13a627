using System.Runtime.InteropServices;
using Mayu.Linux.Files;
using Mayu.Primitives;

namespace Mayu.Server.Auth;

/// <summary>
/// The certificate that an operator configured. Its files are looked at again every few seconds while somebody asks: where they were replaced, the next handshake has the new one. While they
/// cannot be used, as between the replacement of the one and of the other, the former one stays.
/// </summary>
internal sealed class ConfiguredCertificate : ServerCertificate
{
    /// <summary>How often the files are looked at.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly (string Certificate, string Key) _files;
    private Stamps _read;
    private long _nextLook;
    private volatile string? _trouble;

    private ConfiguredCertificate(CertificateChain first, Stamps read, (string Certificate, string Key) files, TimeProvider clock)
        : base(first, clock) => (_read, _files, _nextLook) = (read, files, (clock.GetUtcNow() + Interval).UtcTicks);

    /// <inheritdoc/>
    protected override string Remedy => "Replace the files of api.tls_certificate and api.tls_key; no restart is needed.";

    /// <inheritdoc/>
    protected override string? Trouble => _trouble;

    /// <summary>Reads them.</summary>
    /// <param name="certificate">The chain, PEM.</param>
    /// <param name="key">The private key, PEM.</param>
    /// <param name="clock">The time.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">One is malformed, or the key is another's.</exception>
    /// <exception cref="ArgumentException">The same.</exception>
    public static ConfiguredCertificate Open(string certificate, string key, TimeProvider clock)
    {
        // Before they are read: what is replaced meanwhile has another stamp at the next look.
        var stamps = Stamps.Of(certificate, key);
        return new ConfiguredCertificate(CertificateChain.Read(certificate, key), stamps, (certificate, key), clock);
    }

    /// <inheritdoc/>
    protected override bool IsDue(CertificateChain chain, DateTimeOffset now) => now.UtcTicks is var ticks
        // A clock that was set back is no reason to wait.
        && (ticks >= Volatile.Read(ref _nextLook) || ticks < Volatile.Read(ref _nextLook) - Interval.Ticks);

    /// <inheritdoc/>
    protected override CertificateChain? Next(DateTimeOffset now)
    {
        Volatile.Write(ref _nextLook, (now + Interval).UtcTicks);
        var stamps = Stamps.Of(_files.Certificate, _files.Key);
        if (stamps == _read && _read.IsSettled && _trouble is null)
        {
            return null;
        }

        try
        {
            var next = CertificateChain.Read(_files.Certificate, _files.Key);
            (_read, _trouble) = (stamps, null);
            return next;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException || CertificateFiles.IsMalformed(e))
        {
            _trouble = $"The API's certificate in {_files.Certificate} and {_files.Key} was replaced, and cannot be used: {e.Reason()}. The former one is used until they are right, or the server ends.";
            return null;
        }
    }

    /// <summary>Which files were read.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Stamps(FileStamp Certificate, FileStamp Key)
    {
        /// <summary>Whether what was read is what is there now, if the stamps are the same.</summary>
        public bool IsSettled => Certificate.IsSettled && Key.IsSettled;

        public static Stamps Of(string certificate, string key)
        {
            FileStamp.TryRead(certificate, out var ofCertificate);
            FileStamp.TryRead(key, out var ofKey);
            return new Stamps(ofCertificate, ofKey);
        }
    }
}
