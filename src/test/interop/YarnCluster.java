import java.io.FileWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.server.MiniYARNCluster;

/** HDFS and YARN in one JVM, until it is killed: YarnCluster FOLDER [FILE-FOR-HDFS…]; FOLDER/conf appears when it is ready. */
public final class YarnCluster {
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    Configuration hdfs = new Configuration();
    hdfs.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.resolve("hdfs").toString());
    hdfs.set("hadoop.proxyuser.root.hosts", "*");
    MiniDFSCluster files = new MiniDFSCluster.Builder(hdfs).numDataNodes(1).build();
    FileSystem fileSystem = files.getFileSystem();
    fileSystem.mkdirs(new org.apache.hadoop.fs.Path("/corpus"));
    for (int i = 1; i < arguments.length; i++) {
      fileSystem.copyFromLocalFile(
          new org.apache.hadoop.fs.Path(arguments[i]), new org.apache.hadoop.fs.Path("/corpus"));
    }

    YarnConfiguration yarn = new YarnConfiguration(hdfs);
    yarn.set("yarn.minicluster.fixed.ports", "false");
    yarn.setInt("yarn.nodemanager.resource.memory-mb", 8192);
    yarn.setInt("yarn.nodemanager.resource.cpu-vcores", 4);
    yarn.setInt("yarn.scheduler.minimum-allocation-mb", 128);
    yarn.set(
        "yarn.resourcemanager.scheduler.class",
        "org.apache.hadoop.yarn.server.resourcemanager.scheduler.fifo.FifoScheduler");
    yarn.setBoolean("yarn.nodemanager.vmem-check-enabled", false);
    yarn.setBoolean("yarn.nodemanager.pmem-check-enabled", false);
    yarn.setFloat("yarn.nodemanager.disk-health-checker.max-disk-utilization-per-disk-percentage", 99.9f);
    System.setProperty("test.build.data", folder.resolve("yarn").toString());
    MiniYARNCluster cluster = new MiniYARNCluster("chameleon", 1, 1, 1);
    cluster.init(yarn);
    cluster.start();

    Path draft = folder.resolve("conf.draft");
    Files.createDirectories(draft);
    Configuration client = new Configuration(cluster.getConfig());
    client.set("fs.defaultFS", fileSystem.getUri().toString());
    // A class of the mini cluster alone.
    client.set("net.topology.node.switch.mapping.impl", "org.apache.hadoop.net.ScriptBasedMapping");
    for (String name : new String[] {"core-site.xml", "yarn-site.xml", "hdfs-site.xml"}) {
      try (FileWriter out = new FileWriter(draft.resolve(name).toFile())) {
        client.writeXml(out);
      }
    }
    Files.move(draft, folder.resolve("conf"));
    Thread.sleep(Long.MAX_VALUE);
  }
}
