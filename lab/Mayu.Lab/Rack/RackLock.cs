namespace Mayu.Lab.Rack;

/// <summary>
/// The file that says a rack is alive: held locked (flock) as long as the rack's program lives, so that the next rack
/// can tell what a killed one left behind, and clear that away and nothing else. Each line of it names a folder that is
/// to go with the rack.
/// </summary>
internal sealed class RackLock : IDisposable
{
    /// <summary>Where the locks are. /run is emptied by a reboot, as namespaces are.</summary>
    public const string Folder = "/run/mayu-lab";

    private static readonly TimeSpan GuardPatience = TimeSpan.FromSeconds(20);

    private readonly FileStream _file;

    private RackLock(string name, FileStream file)
    {
        Name = name;
        _file = file;
    }

    public string Name { get; }

    /// <summary>Clears away what killed racks left, then takes a new name and locks it.</summary>
    public static async Task<RackLock> TakeAsync(CancellationToken cancellation)
    {
        Directory.CreateDirectory(Folder);

        // Between a lock file's making and its locking it looks abandoned: nobody may sweep in that moment.
        using var guard = await TakeGuardAsync(cancellation);
        foreach (var path in Directory.GetFiles(Folder, RackNames.Prefix + "*.lock"))
        {
            await SweepAsync(path, cancellation);
        }

        while (true)
        {
            var name = RackNames.New();
            var path = PathOf(name);
            if (!File.Exists(path) && !File.Exists("/run/netns/" + name))
            {
                return new RackLock(name, new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None));
            }
        }
    }

    /// <summary>Has a folder removed by the next rack, should this one be killed.</summary>
    public void Claim(string folder)
    {
        using var writer = new StreamWriter(_file, leaveOpen: true);
        writer.WriteLine(folder);
    }

    /// <summary>Lets go of the name. Everything of the rack must be down by now.</summary>
    public void Dispose()
    {
        File.Delete(PathOf(Name));
        _file.Dispose();
    }

    private static string PathOf(string name) => Path.Combine(Folder, name + ".lock");

    private static async Task<FileStream> TakeGuardAsync(CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(GuardPatience);
        while (true)
        {
            try
            {
                return new FileStream(Path.Combine(Folder, "guard"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (!limit.IsCancellationRequested)
            {
                await Task.Delay(50, CancellationToken.None);
            }
            catch (IOException held)
            {
                cancellation.ThrowIfCancellationRequested();
                throw new LabException($"another rack has held {Folder}/guard for more than {GuardPatience.TotalSeconds:0} s", held);
            }
        }
    }

    private static async Task SweepAsync(string path, CancellationToken cancellation)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        if (!RackNames.IsRackName(name))
        {
            return;
        }

        FileStream abandoned;
        try
        {
            abandoned = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return; // Its rack lives.
        }

        using (abandoned)
        {
            using var reader = new StreamReader(abandoned);
            var folders = (await reader.ReadToEndAsync(cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            await RackNetwork.RemoveAsync(name, cancellation);
            foreach (var folder in folders.Where(Directory.Exists))
            {
                Directory.Delete(folder, recursive: true);
            }

            File.Delete(path);
        }
    }
}
