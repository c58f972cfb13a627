using System.Diagnostics.CodeAnalysis;
using Mayu.InfoPusher.Facts;

namespace Mayu.InfoPusher.Push;

/// <summary>The boot token, by which Mayu knows whose config it gives.</summary>
internal static class BootToken
{
    private const string InitrdFile = "mayu/boot-token";
    private const int MaxLength = 256;

    /// <summary>Reads it.</summary>
    /// <param name="files">The machine's files.</param>
    /// <param name="path">The file that was named; null: the one of Mayu's initial RAM disk, if it is there.</param>
    /// <param name="token">The token; null: there is none.</param>
    /// <param name="problem">Why the file that was named cannot be used.</param>
    public static bool TryRead(HostFiles files, string? path, out string? token, [NotNullWhen(false)] out string? problem)
    {
        (token, problem) = (null, null);
        if (path is null)
        {
            token = files.Value(InitrdFile) is { } text && IsToken(text.Trim()) ? text.Trim() : null;
            return true;
        }

        try
        {
            using var file = File.OpenRead(path);
            var buffer = new byte[MaxLength + 1];
            var length = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            token = System.Text.Encoding.ASCII.GetString(buffer, 0, length).Trim();
            problem = length <= MaxLength && IsToken(token) ? null : $"--token-file {path}: this is not a boot token";
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            problem = $"--token-file {path} cannot be read: {failed.Message}";
        }

        return problem is null;
    }

    // A line of a header is made of it.
    private static bool IsToken(string text) => text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~');
}
