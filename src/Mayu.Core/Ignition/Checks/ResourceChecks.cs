namespace Mayu.Core.Ignition.Checks;

/// <summary>What is fetched from a URL: a file's contents, a key, a further config, a certificate.</summary>
internal static class ResourceChecks
{
    private const int LongestUrl = 8192;

    /// <summary>Checks one.</summary>
    public static void Check(ConfigObject resource, Checker checker)
    {
        if (resource["source"] is ConfigText { Text.Length: > 0 } source && SourceProblem(source.Text, checker.Spec) is { } problem)
        {
            checker.Fault(source, problem);
        }

        if (resource.Text("compression") is not (null or "" or "gzip"))
        {
            checker.Fault(resource, "compression", "it must be gzip; without compression leave the key out");
        }

        CheckHash(resource, checker);
        CheckHeaders(resource, checker);
        if (checker.Spec.Major == 2 && resource.HasText("compression") && Urls.Scheme(resource.Text("source") ?? "") == "data")
        {
            checker.Fault(resource, "compression", "engines for spec 2 do not decompress a data URL: write the data as they are");
        }
    }

    private static string? SourceProblem(string url, IgnitionSpec spec)
    {
        var scheme = Urls.Scheme(url);
        if (!Urls.IsKnown(scheme, spec))
        {
            return scheme is "gs" or "arn" && spec.Major == 3
                ? $"URLs with {scheme}: came with Ignition spec {(scheme == "gs" ? "3.2.0" : "3.4.0")}, and this is {spec}"
                : $"it must be a URL of one of these schemes: {Urls.Known(spec)}";
        }

        return scheme switch
        {
            "data" => DataUrl.Read(url, out _),
            _ when url.Length > LongestUrl => $"a URL has at most {LongestUrl} characters",
            _ when Urls.Fault(url) is { } fault => fault,
            "arn" when !Urls.IsS3Arn(url) => "it must be the ARN of an object in S3: arn:aws:s3:::bucket/key",
            "s3" or "arn" when Urls.HasEmptyVersion(url) => "versionId= names no version: write it, or leave the parameter out",
            _ => null,
        };
    }

    private static void CheckHash(ConfigObject resource, Checker checker)
    {
        if (resource.Object("verification") is not { } verification || !verification.Has("hash"))
        {
            return;
        }

        if (!resource.Has("source"))
        {
            checker.Fault(verification, "hash", "there is nothing to verify: the source is missing");
        }

        if (verification.Text("hash") is { } hash && HashProblem(hash, checker.Spec) is { } problem)
        {
            checker.Fault(verification, "hash", problem);
        }
    }

    private static string? HashProblem(string hash, IgnitionSpec spec)
    {
        var takesSha256 = spec >= new IgnitionSpec(3, 1);
        var function = hash.IndexOf('-', StringComparison.Ordinal) is >= 0 and var dash ? hash[..dash] : "";
        var digits = function switch
        {
            "sha512" => 128,
            "sha256" when takesSha256 => 64,
            _ => 0,
        };
        var sum = hash.AsSpan(function.Length == 0 ? 0 : function.Length + 1);
        return digits == 0 ? $"it must be {(takesSha256 ? "sha256- or sha512-" : "sha512-")} and the sum in hexadecimal{(function == "sha256" ? "; sha256 came with Ignition spec 3.1.0" : "")}"
            : sum.Length != digits || sum.ContainsAnyExcept(HexDigits) ? $"a sum of {function} has {digits} hexadecimal digits, and this has not"
            : null;
    }

    private static void CheckHeaders(ConfigObject resource, Checker checker)
    {
        foreach (var header in resource.Objects("httpHeaders").Where(header => !header.HasText("name")))
        {
            checker.Fault(header, "name", "it is missing: write the header's name");
        }

        if (resource["httpHeaders"] is ConfigList { Items.Count: > 0 } list && Urls.Scheme(resource.Text("source") ?? "") is not ("http" or "https"))
        {
            checker.Fault(list, "headers are only for a source that begins with http:// or https://");
        }
    }

    private static readonly System.Buffers.SearchValues<char> HexDigits = System.Buffers.SearchValues.Create("0123456789abcdefABCDEF");
}
