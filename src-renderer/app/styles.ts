import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './fonts.css';
import './app.css';
import './shell.css';
