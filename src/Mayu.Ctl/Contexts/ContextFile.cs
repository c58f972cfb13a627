using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Mayu.Ctl.Output;
using Mayu.Linux.Files;
using Microsoft.Win32.SafeHandles;

namespace Mayu.Ctl.Contexts;

/// <summary>The file of contexts, <c>~/.config/mayu/config.yaml</c>.</summary>
internal sealed record ContextFile
{
    /// <summary>Most bytes that are read.</summary>
    public const int MaxLength = 64 << 10;

    private const int LockTries = 500;
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(20);

    private const UnixFileMode OnlyOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>A file that is not there.</summary>
    public static ContextFile Empty { get; } = new();

    /// <summary>The context that holds where none is asked for; null: none.</summary>
    public string? Current { get; init; }

    /// <summary>The contexts, by name.</summary>
    public ImmutableSortedDictionary<string, ContextSettings> Contexts { get; init; } = ImmutableSortedDictionary.Create<string, ContextSettings>(StringComparer.Ordinal);

    /// <summary>Where it is: XDG's folder, else <c>.config</c> at home; null without a home.</summary>
    public static string? PathFor(CtlConsole console)
    {
        var home = console.Environment("HOME");
        return console.Environment("XDG_CONFIG_HOME") is { Length: > 0 } folder && Path.IsPathFullyQualified(folder) ? Path.Combine(folder, "mayu", "config.yaml")
            : home is { Length: > 0 } ? Path.Combine(home, ".config", "mayu", "config.yaml")
            : null;
    }

    /// <summary>Reads it.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="problem">What is wrong with it, with the line; null: nothing, also where there is no file.</param>
    public static ContextFile Read(string path, out string? problem)
    {
        problem = null;
        try
        {
            // A link from a folder of dotfiles is usual. A pipe has no length, and opening it would wait for its writer.
            var file = FileOf(path);
            if (!file.Exists || file.Length == 0)
            {
                return Empty;
            }

            if (file.Length > MaxLength)
            {
                problem = $"{path} has {file.Length} bytes; at most {MaxLength} are allowed";
                return Empty;
            }

            // Whoever writes it chooses the server that gets the token.
            if ((file.UnixFileMode & OthersWrite) != UnixFileMode.None)
            {
                problem = $"{path} can be written by other users, who could choose the server that gets your token; remedy: chmod go-w {path}";
                return Empty;
            }

            var buffer = new char[MaxLength];
            using var reader = new StreamReader(file.FullName);
            return ContextFileText.Read(new string(buffer, 0, reader.ReadBlock(buffer)), path, out problem);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            problem = $"{path} cannot be read: {failed.Message}";
            return Empty;
        }
    }

    /// <summary>Has nobody else change it until the lock is closed: two at a time would each write what it read before the other wrote.</summary>
    /// <param name="path">Where it is; its folder is made.</param>
    /// <param name="clock">The time.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="IOException">Another one had it all the time, or it cannot be locked.</exception>
    /// <exception cref="UnauthorizedAccessException">Its folder must not be made.</exception>
    public static async Task<SafeFileHandle> LockAsync(string path, TimeProvider clock, CancellationToken cancellation)
    {
        var folder = FolderOf(path);
        for (var tries = 0; tries < LockTries; tries++)
        {
            var (handle, isOurs) = FileLock.OpenFolder(folder);
            if (isOurs)
            {
                return handle;
            }

            handle.Dispose();
            await Task.Delay(LockPause, clock, cancellation);
        }

        throw new IOException("another mayuctl is changing it");
    }

    /// <summary>Writes it, whole or not at all, for its owner only. Comments in it are lost.</summary>
    /// <param name="path">Where it is.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be written.</exception>
    public void Write(string path)
    {
        FolderOf(path);
        path = FileOf(path).FullName;
        var temporary = $"{path}.{Environment.ProcessId}";
        using (var text = new StreamWriter(new FileStream(temporary, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OnlyOwner })))
        {
            YamlText.Write(text, ToNode());
        }

        File.Move(temporary, path, overwrite: true);
    }

    private static string FolderOf(string path) => Directory.CreateDirectory(Path.GetDirectoryName(FileOf(path).FullName)!, OnlyOwner | UnixFileMode.UserExecute).FullName;

    private static FileInfo FileOf(string path) =>
        new FileInfo(path) is { LinkTarget: not null } link ? new FileInfo(link.ResolveLinkTarget(returnFinalTarget: true)!.FullName) : new FileInfo(path);

    private JsonObject ToNode()
    {
        var contexts = new JsonObject();
        foreach (var (name, context) in Contexts)
        {
            var one = new JsonObject();
            foreach (var (key, value) in ContextSettings.Keys.Zip([context.Server, context.Ca, context.TokenFile, context.Certificate]))
            {
                if (value is not null)
                {
                    one[key] = value;
                }
            }

            contexts[name] = one;
        }

        return Current is null ? new JsonObject { ["contexts"] = contexts } : new JsonObject { ["current"] = Current, ["contexts"] = contexts };
    }
}
