namespace Mayu.Client;

/// <summary>Why a request to the API came to nothing.</summary>
public enum ApiFailureKind
{
    /// <summary>What the client needs is missing or wrong: the URL, the CA file, the token file. Nothing was sent.</summary>
    Settings,

    /// <summary>Nobody answered: not running, wrong address, wrong certificate, time-out.</summary>
    Unreachable,

    /// <summary>Something answered that does not speak Mayu's API.</summary>
    NotMayu,

    /// <summary>The server does not know this token (401).</summary>
    Unauthorized,

    /// <summary>The server knows the token, and does not let it do this (403).</summary>
    Forbidden,

    /// <summary>There is no such machine, profile or pin (404).</summary>
    NotFound,

    /// <summary>It does not go together with what is there now: the machine's state, or somebody else's change (409, 412).</summary>
    Conflict,

    /// <summary>A name fits several machines. Nothing was changed.</summary>
    Ambiguous,

    /// <summary>The server refused the request (any other 4xx).</summary>
    Refused,

    /// <summary>The server failed (5xx).</summary>
    ServerFailed,
}
