namespace Mayu.Server.Tftp;

/// <summary>Whether a read request begins a transfer.</summary>
internal enum TftpAdmission
{
    /// <summary>It does.</summary>
    Admitted,

    /// <summary>It is the same request again, whose transfer has begun and repeats its first packet by itself.</summary>
    Repeated,

    /// <summary>A limit is reached.</summary>
    TooMany,
}
