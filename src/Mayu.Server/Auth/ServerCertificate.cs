using System.Security.Cryptography.X509Certificates;

namespace Mayu.Server.Auth;

/// <summary>
/// The certificate that the API answers with, which is replaced while the server runs. It says in time that it ends.
/// </summary>
/// <param name="first">The one at the start.</param>
/// <param name="clock">The time.</param>
internal abstract class ServerCertificate(CertificateChain first, TimeProvider clock)
{
    /// <summary>How long before its end a certificate is renewed, or an operator is told.</summary>
    public static readonly TimeSpan Before = TimeSpan.FromDays(30);

    private readonly Lock _gate = new();
    private volatile CertificateChain _chain = first;

    /// <summary>What every handshake sends, valid now where that can be had.</summary>
    public CertificateChain Chain
    {
        get
        {
            if (!IsDue(_chain, clock.GetUtcNow()))
            {
                return _chain;
            }

            // While one looks, the others go on with what is there, if it is of use: a file on a host that hangs may take for ever.
            if (!IsValidNow(_chain.Leaf))
            {
                _gate.Enter();
            }
            else if (!_gate.TryEnter())
            {
                return _chain;
            }

            try
            {
                // The former one may be in a handshake still; it goes with the garbage.
                if (clock.GetUtcNow() is var now && IsDue(_chain, now) && Next(now) is { } next)
                {
                    _chain = next;
                }
            }
            finally
            {
                _gate.Exit();
            }

            return _chain;
        }
    }

    /// <summary>The certificate itself, with its key.</summary>
    public X509Certificate2 Current => Chain.Leaf;

    /// <summary>What an operator should know, as a sentence; null where all is well.</summary>
    public string? Remark
    {
        get
        {
            var (current, now) = (Current, clock.GetUtcNow());
            var (from, until) = ValidityOf(current);
            var what = now < from ? $"is not valid before {from:yyyy-MM-dd HH:mm} UTC, but this host's clock shows {now:yyyy-MM-dd HH:mm}: is the clock right?"
                : now > until ? $"expired at {until:yyyy-MM-dd HH:mm} UTC; this host's clock shows {now:yyyy-MM-dd HH:mm}."
                : now > until - Before ? $"expires at {until:yyyy-MM-dd HH:mm} UTC."
                : null;
            return what is null ? Trouble : string.Join(' ', new[] { $"The certificate of the API {what} {Remedy}", Trouble }.OfType<string>());
        }
    }

    /// <summary>What an operator can do about a certificate that is not valid now, or soon will not be.</summary>
    protected abstract string Remedy { get; }

    /// <summary>What failed when it was to be replaced, as a sentence; null: nothing.</summary>
    protected abstract string? Trouble { get; }

    /// <summary>Whether it is for a host name, which somebody sent and which may be none.</summary>
    public bool IsFor(string host)
    {
        try
        {
            return Current.MatchesHostname(host);
        }
        catch (ArgumentException)
        {
            // It can be no host name: a label is too long, or is no IDNA.
            return false;
        }
    }

    /// <summary>From when and until when it is valid.</summary>
    public (DateTimeOffset From, DateTimeOffset Until) Validity => ValidityOf(Current);

    /// <summary>Whether clients take it now: by its time.</summary>
    public bool IsValid => IsValidNow(Current);

    private bool IsValidNow(X509Certificate2 certificate) => ValidityOf(certificate) is var (from, until) && clock.GetUtcNow() is var now && now >= from && now <= until;

    /// <summary>Whether another one may be there, or is needed. Called for every handshake, by many at once.</summary>
    protected abstract bool IsDue(CertificateChain chain, DateTimeOffset now);

    /// <summary>Gets another one; one caller at a time.</summary>
    /// <returns>Null: there is none.</returns>
    protected abstract CertificateChain? Next(DateTimeOffset now);

    /// <summary>From when until when a certificate is valid.</summary>
    protected static (DateTimeOffset From, DateTimeOffset Until) ValidityOf(X509Certificate2 certificate) =>
        (new DateTimeOffset(certificate.NotBefore.ToUniversalTime()), new DateTimeOffset(certificate.NotAfter.ToUniversalTime()));
}
