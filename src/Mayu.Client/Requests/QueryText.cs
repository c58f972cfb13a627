using Mayu.Client.Text;

namespace Mayu.Client.Requests;

/// <summary>Writes paths with a query.</summary>
internal static class QueryText
{
    /// <summary>The path, and behind it the parameters that have a value.</summary>
    public static string Of(string path, params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        foreach (var (name, value) in parameters)
        {
            if (value is not null)
            {
                path += $"{(path.Contains('?') ? '&' : '?')}{name}={Uri.EscapeDataString(value)}";
            }
        }

        return path;
    }

    /// <summary>RFC 3339 in UTC, exact.</summary>
    public static string? Of(DateTimeOffset? time) => time is { } moment ? MomentText.Of(moment) : null;
}
