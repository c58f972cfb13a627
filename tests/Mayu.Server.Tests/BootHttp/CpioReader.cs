using System.Diagnostics;

namespace Mayu.Server.Tests.BootHttp;

/// <summary>Unpacks an archive with busybox's or GNU's cpio, as the kernel would.</summary>
internal static class CpioReader
{
    public static IReadOnlyDictionary<string, byte[]> FilesOf(byte[] archive)
    {
        var folder = Directory.CreateTempSubdirectory("mayu-cpio-").FullName;
        try
        {
            var start = new ProcessStartInfo("cpio", ["-idm", "--no-absolute-filenames", "--quiet"]) { UseShellExecute = false, WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardError = true };
            using var cpio = Process.Start(start)!;
            cpio.StandardInput.BaseStream.Write(archive);
            cpio.StandardInput.Close();
            var error = cpio.StandardError.ReadToEnd();
            cpio.WaitForExit();
            Assert.Equal((0, ""), (cpio.ExitCode, error));
            var files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories);
            Assert.All(files, file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
            return files.ToDictionary(file => Path.GetRelativePath(folder, file), File.ReadAllBytes, StringComparer.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
